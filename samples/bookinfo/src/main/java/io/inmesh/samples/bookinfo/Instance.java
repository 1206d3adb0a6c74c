package io.inmesh.samples.bookinfo;

import io.inmesh.samples.bookinfo.details.DetailsApplication;
import io.inmesh.samples.bookinfo.productpage.ProductpageApplication;
import io.inmesh.samples.bookinfo.ratings.RatingsApplication;
import io.inmesh.samples.bookinfo.reviews.ReviewsApplication;

/** The running parts of bookinfo, in the order of their ports; what is called comes up before what calls it. */
enum Instance {
    PRODUCTPAGE_V1("productpage", "v1", ProductpageApplication.class),
    DETAILS_V1("details", "v1", DetailsApplication.class),
    REVIEWS_V1("reviews", "v1", ReviewsApplication.class),
    REVIEWS_V2("reviews", "v2", ReviewsApplication.class),
    REVIEWS_V3("reviews", "v3", ReviewsApplication.class),
    RATINGS_V1("ratings", "v1", RatingsApplication.class);

    private final String service;
    private final String version;
    private final Class<?> application;

    Instance(String service, String version, Class<?> application) {
        this.service = service;
        this.version = version;
        this.application = application;
    }

    String service() {
        return service;
    }

    String version() {
        return version;
    }

    Class<?> application() {
        return application;
    }

    /** Name for people, and of the profile that tells it apart. */
    String instanceName() {
        return service + "-" + version;
    }
}
