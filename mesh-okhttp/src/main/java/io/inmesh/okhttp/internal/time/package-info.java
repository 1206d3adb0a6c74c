/** The one place of this module that reads a clock. */
@NullMarked
package io.inmesh.okhttp.internal.time;

import org.jspecify.annotations.NullMarked;
