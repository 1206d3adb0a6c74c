/** What happened, told to observers: response flags, outcomes, snapshots. */
@NullMarked
package io.inmesh.event;

import org.jspecify.annotations.NullMarked;
