/** Sending a request on, and its answer back. */
@NullMarked
package io.inmesh.servlet.internal.forward;

import org.jspecify.annotations.NullMarked;
