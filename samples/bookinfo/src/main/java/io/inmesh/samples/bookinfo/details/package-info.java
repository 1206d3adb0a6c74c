/** The details service: facts about a book. */
@NullMarked
package io.inmesh.samples.bookinfo.details;

import org.jspecify.annotations.NullMarked;
