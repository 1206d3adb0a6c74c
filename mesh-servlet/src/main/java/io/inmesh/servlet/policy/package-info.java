/** What may come in and in which form, beyond what the rules of the mesh say. */
@NullMarked
package io.inmesh.servlet.policy;

import org.jspecify.annotations.NullMarked;
