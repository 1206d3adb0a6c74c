/** RequestAuthentications made ready to be asked: where tokens stand, whose they are, and the keys that prove it. */
@NullMarked
package io.inmesh.servlet.internal.jwt;

import org.jspecify.annotations.NullMarked;
