/** A filter for what enters an application, and a gateway as a servlet. */
@NullMarked
package io.inmesh.servlet;

import org.jspecify.annotations.NullMarked;
