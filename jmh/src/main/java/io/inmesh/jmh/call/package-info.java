/**
 * What a call through the mesh costs beside one by OkHttp alone, over loopback and against a server in another process.
 * Both take turns of a fraction of a second, so that whatever else the machine does meets both.
 */
@NullMarked
package io.inmesh.jmh.call;

import org.jspecify.annotations.NullMarked;
