package io.inmesh.samples.bookinfo.productpage;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What details answers. */
record BookDetails(
        int id,
        String author,
        int year,
        String type,
        int pages,
        String publisher,
        String language,
        @JsonProperty("ISBN-10") String isbn10,
        @JsonProperty("ISBN-13") String isbn13) {}
