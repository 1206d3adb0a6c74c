/** The control thread: hears sources, builds snapshots, publishes them. */
@NullMarked
package io.inmesh.internal.control;

import org.jspecify.annotations.NullMarked;
