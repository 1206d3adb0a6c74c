/** Live state of endpoints: requests in flight, exactly-once tickets. */
@NullMarked
package io.inmesh.internal.host;

import org.jspecify.annotations.NullMarked;
