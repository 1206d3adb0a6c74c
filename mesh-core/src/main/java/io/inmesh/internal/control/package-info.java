/** Publication: the control thread hears sources of rules, has snapshots compiled and puts them in force. */
@NullMarked
package io.inmesh.internal.control;

import org.jspecify.annotations.NullMarked;
