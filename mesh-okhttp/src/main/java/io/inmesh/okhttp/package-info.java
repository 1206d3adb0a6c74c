/** Sends OkHttp calls through InMesh. */
@NullMarked
package io.inmesh.okhttp;

import org.jspecify.annotations.NullMarked;
