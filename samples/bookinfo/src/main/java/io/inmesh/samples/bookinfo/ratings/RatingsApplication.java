package io.inmesh.samples.bookinfo.ratings;

import io.inmesh.samples.bookinfo.web.InstanceHeader;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The ratings service. */
@SpringBootApplication(proxyBeanMethods = false)
@Import(InstanceHeader.class)
public class RatingsApplication {}
