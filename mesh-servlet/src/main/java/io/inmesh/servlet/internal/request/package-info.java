/** One request as it came in, in the one form that everybody goes by. */
@NullMarked
package io.inmesh.servlet.internal.request;

import org.jspecify.annotations.NullMarked;
