/** How many requests may come. */
@NullMarked
package io.inmesh.servlet.internal.limit;

import org.jspecify.annotations.NullMarked;
