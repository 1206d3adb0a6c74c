/** Immutable load balancers over a host list. */
@NullMarked
package io.inmesh.internal.balance;

import org.jspecify.annotations.NullMarked;
