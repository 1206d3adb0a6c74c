/** From text to trees, and from trees to messages with declared fields, with the place of every value. Knows no rules. */
@NullMarked
package io.inmesh.internal.text;

import org.jspecify.annotations.NullMarked;
