/** Who may come in. */
@NullMarked
package io.inmesh.servlet.internal.admission;

import org.jspecify.annotations.NullMarked;
