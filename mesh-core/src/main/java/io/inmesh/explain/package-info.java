/** The value that tells why a request goes where it goes. */
@NullMarked
package io.inmesh.explain;

import org.jspecify.annotations.NullMarked;
