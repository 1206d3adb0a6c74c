/** Event streams of the console, carried without a thread for each. */
@NullMarked
package io.inmesh.servlet.internal.console;

import org.jspecify.annotations.NullMarked;
