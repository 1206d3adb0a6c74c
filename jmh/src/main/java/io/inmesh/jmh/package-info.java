/** Runs the benchmarks and holds their results against their bars. Packages below mirror those of the core. */
@NullMarked
package io.inmesh.jmh;

import org.jspecify.annotations.NullMarked;
