/** An application that knows nothing of who may call it. */
@NullMarked
package io.inmesh.samples.orders;

import org.jspecify.annotations.NullMarked;
