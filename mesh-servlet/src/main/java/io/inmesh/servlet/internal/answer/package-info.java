/** Answers that the gateway gives by itself. */
@NullMarked
package io.inmesh.servlet.internal.answer;

import org.jspecify.annotations.NullMarked;
