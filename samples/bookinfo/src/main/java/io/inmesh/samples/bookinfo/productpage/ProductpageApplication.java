package io.inmesh.samples.bookinfo.productpage;

import io.inmesh.samples.bookinfo.web.CallNotes;
import io.inmesh.samples.bookinfo.web.InstanceHeader;
import io.inmesh.samples.bookinfo.web.OutgoingCalls;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The productpage service. */
@SpringBootApplication(proxyBeanMethods = false)
@Import({InstanceHeader.class, OutgoingCalls.class, CallNotes.class})
public class ProductpageApplication {}
