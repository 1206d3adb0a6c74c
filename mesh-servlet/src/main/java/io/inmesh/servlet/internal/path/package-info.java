/** How paths are written. */
@NullMarked
package io.inmesh.servlet.internal.path;

import org.jspecify.annotations.NullMarked;
