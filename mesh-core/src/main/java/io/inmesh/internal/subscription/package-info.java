/** What endpoint sources are asked for, because rules name it, sources tell of it or calls name it, and what they say. */
@NullMarked
package io.inmesh.internal.subscription;

import org.jspecify.annotations.NullMarked;
