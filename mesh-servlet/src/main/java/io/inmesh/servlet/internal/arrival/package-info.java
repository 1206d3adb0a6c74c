/** Requests that came in, as policies see them. */
@NullMarked
package io.inmesh.servlet.internal.arrival;

import org.jspecify.annotations.NullMarked;
