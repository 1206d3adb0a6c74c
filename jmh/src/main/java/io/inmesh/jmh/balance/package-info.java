/** Benchmarks of picking a host. */
@NullMarked
package io.inmesh.jmh.balance;

import org.jspecify.annotations.NullMarked;
