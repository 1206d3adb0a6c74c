/** Who may come in: tokens and policies together. */
@NullMarked
package io.inmesh.servlet.internal.judge;

import org.jspecify.annotations.NullMarked;
