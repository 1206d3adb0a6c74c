/** Where rules are read: the reader of Istio's YAML, and sources over files, texts and the class path. */
@NullMarked
package io.inmesh.config.source;

import org.jspecify.annotations.NullMarked;
