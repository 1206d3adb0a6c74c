/**
 * What a large mesh costs: changes, storms of changes, the first list. These benchmarks last seconds and are about whole
 * seconds, bytes and percentiles, so they run by themselves and not as JMH's.
 */
@NullMarked
package io.inmesh.jmh.scale;

import org.jspecify.annotations.NullMarked;
