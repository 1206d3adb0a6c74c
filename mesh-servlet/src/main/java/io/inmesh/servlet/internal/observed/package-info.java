/** What observers of a request that comes in are told, as it happens: its state, and streams that count. */
@NullMarked
package io.inmesh.servlet.internal.observed;

import org.jspecify.annotations.NullMarked;
