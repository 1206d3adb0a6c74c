/** Compiled routes: host lookup, matching, weighted choice, edits. Pure functions. */
@NullMarked
package io.inmesh.internal.route;

import org.jspecify.annotations.NullMarked;
