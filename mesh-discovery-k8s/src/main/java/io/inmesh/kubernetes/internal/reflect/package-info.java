/** Keeps the objects of one resource as the API server has them: list, watch, and every way in which those fail. */
@NullMarked
package io.inmesh.kubernetes.internal.reflect;

import org.jspecify.annotations.NullMarked;
