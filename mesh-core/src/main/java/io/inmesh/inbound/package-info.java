/** What a request that came in hands on to the calls that are made for it. */
@NullMarked
package io.inmesh.inbound;

import org.jspecify.annotations.NullMarked;
