package io.inmesh.samples.bookinfo.reviews;

import io.inmesh.samples.bookinfo.web.CallNotes;
import io.inmesh.samples.bookinfo.web.InstanceHeader;
import io.inmesh.samples.bookinfo.web.OutgoingCalls;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** The reviews service. Which of its versions it is, {@link ReviewsProperties} tell. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import({InstanceHeader.class, OutgoingCalls.class, CallNotes.class})
public class ReviewsApplication {}
