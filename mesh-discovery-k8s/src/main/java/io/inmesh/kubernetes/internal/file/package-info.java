/** What is kept on disk for a start without the API server. */
@NullMarked
package io.inmesh.kubernetes.internal.file;

import org.jspecify.annotations.NullMarked;
