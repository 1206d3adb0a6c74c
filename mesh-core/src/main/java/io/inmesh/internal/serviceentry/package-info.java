/** ServiceEntries made services with endpoints, and the names in them resolved by DNS. */
@NullMarked
package io.inmesh.internal.serviceentry;

import org.jspecify.annotations.NullMarked;
