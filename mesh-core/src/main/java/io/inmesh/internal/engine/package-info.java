/** Executes calls: faults, deadline, attempts. */
@NullMarked
package io.inmesh.internal.engine;

import org.jspecify.annotations.NullMarked;
