package io.inmesh.samples.bookinfo.details;

import io.inmesh.samples.bookinfo.web.InstanceHeader;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The details service. */
@SpringBootApplication(proxyBeanMethods = false)
@Import(InstanceHeader.class)
public class DetailsApplication {}
