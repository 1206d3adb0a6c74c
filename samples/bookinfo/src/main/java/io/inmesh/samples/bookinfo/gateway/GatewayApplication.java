package io.inmesh.samples.bookinfo.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A gateway, with nothing of its own: which requests come in, and where they go, is in Istio's bookinfo-gateway.yaml. */
@SpringBootApplication(proxyBeanMethods = false)
public class GatewayApplication {}
