/** The way in: build a mesh, ask it where a call goes. */
@NullMarked
package io.inmesh;

import org.jspecify.annotations.NullMarked;
