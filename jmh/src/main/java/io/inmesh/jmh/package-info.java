/** Benchmarks. */
@NullMarked
package io.inmesh.jmh;

import org.jspecify.annotations.NullMarked;
