package io.inmesh.samples.bookinfo.productpage;

import java.util.List;

/** A book on sale. */
record Product(int id, String title, String descriptionHtml) {

    /** The one book there is. */
    static final Product THE_BOOK = new Product(
            0,
            "The Comedy of Errors",
            "One of William Shakespeare's first plays and his shortest: two pairs of twins, parted as children, walk"
                    + " through one town on one day, and everybody takes each of them for the other. See the"
                    + " <a href=\"https://en.wikipedia.org/wiki/The_Comedy_of_Errors\">article on the play</a>.");

    static List<Product> all() {
        return List.of(THE_BOOK);
    }
}
