package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageType;
import io.inmesh.internal.text.MessageType.Kind;

/** Messages of VirtualService, after networking/v1alpha3/virtual_service.proto of Istio's API. */
final class VirtualServiceTypes {
    static final MessageType PERCENT =
            MessageType.of("Percent").value("value", Kind.DOUBLE).build();

    static final MessageType PORT_SELECTOR =
            MessageType.of("PortSelector").value("number", Kind.UINT32).build();

    static final MessageType DESTINATION = MessageType.of("Destination")
            .string("host")
            .string("subset")
            .message("port", PORT_SELECTOR)
            .build();

    static final MessageType STRING_MATCH = MessageType.of("StringMatch")
            .string("exact")
            .string("prefix")
            .string("regex")
            .build();

    private static final MessageType HEADER_OPERATIONS = MessageType.of("HeaderOperations")
            .stringMap("set")
            .stringMap("add")
            .strings("remove")
            .build();

    private static final MessageType HEADERS = MessageType.of("Headers")
            .message("request", HEADER_OPERATIONS)
            .message("response", HEADER_OPERATIONS)
            .build();

    private static final MessageType HTTP_MATCH = MessageType.of("HTTPMatchRequest")
            .string("name")
            .message("uri", STRING_MATCH)
            .message("scheme", STRING_MATCH)
            .message("method", STRING_MATCH)
            .message("authority", STRING_MATCH)
            .messageMap("headers", STRING_MATCH)
            .value("port", Kind.UINT32)
            .stringMap("sourceLabels")
            .messageMap("queryParams", STRING_MATCH)
            .bool("ignoreUriCase")
            .messageMap("withoutHeaders", STRING_MATCH)
            .string("sourceNamespace")
            .strings("gateways")
            .string("statPrefix")
            .build();

    private static final MessageType HTTP_ROUTE_DESTINATION = MessageType.of("HTTPRouteDestination")
            .message("destination", DESTINATION)
            .value("weight", Kind.INT32)
            .message("headers", HEADERS)
            .build();

    private static final MessageType REDIRECT = MessageType.of("HTTPRedirect")
            .string("uri")
            .string("prefixRewrite")
            .string("authority")
            .value("port", Kind.UINT32)
            .choice("derivePort", "FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT")
            .string("scheme")
            .value("redirectCode", Kind.UINT32)
            .build();

    private static final MessageType BODY = MessageType.of("HTTPBody")
            .string("string")
            .value("bytes", Kind.BYTES)
            .build();

    private static final MessageType DIRECT_RESPONSE = MessageType.of("HTTPDirectResponse")
            .value("status", Kind.UINT32)
            .message("body", BODY)
            .build();

    private static final MessageType DELEGATE =
            MessageType.of("Delegate").string("name").string("namespace").build();

    private static final MessageType REGEX_REWRITE =
            MessageType.of("RegexRewrite").string("match").string("rewrite").build();

    private static final MessageType REWRITE = MessageType.of("HTTPRewrite")
            .string("uri")
            .string("authority")
            .message("uriRegexRewrite", REGEX_REWRITE)
            .build();

    private static final MessageType RETRY = MessageType.of("HTTPRetry")
            .value("attempts", Kind.INT32)
            .duration("perTryTimeout")
            .string("retryOn")
            .bool("retryRemoteLocalities")
            .bool("retryIgnorePreviousHosts")
            .duration("backoff")
            .build();

    private static final MessageType DELAY = MessageType.of("HTTPFaultInjection.Delay")
            .value("percent", Kind.INT32)
            .duration("fixedDelay")
            .duration("exponentialDelay")
            .message("percentage", PERCENT)
            .build();

    private static final MessageType ABORT = MessageType.of("HTTPFaultInjection.Abort")
            .value("httpStatus", Kind.INT32)
            .string("grpcStatus")
            .string("http2Error")
            .message("percentage", PERCENT)
            .build();

    private static final MessageType FAULT = MessageType.of("HTTPFaultInjection")
            .message("delay", DELAY)
            .message("abort", ABORT)
            .build();

    private static final MessageType MIRROR_POLICY = MessageType.of("HTTPMirrorPolicy")
            .message("destination", DESTINATION)
            .message("percentage", PERCENT)
            .build();

    private static final MessageType CORS_POLICY = MessageType.of("CorsPolicy")
            .strings("allowOrigin")
            .messages("allowOrigins", STRING_MATCH)
            .strings("allowMethods")
            .strings("allowHeaders")
            .strings("exposeHeaders")
            .duration("maxAge")
            .bool("allowCredentials")
            .choice("unmatchedPreflights", "UNSPECIFIED", "FORWARD", "IGNORE")
            .build();

    private static final MessageType HTTP_ROUTE = MessageType.of("HTTPRoute")
            .string("name")
            .messages("match", HTTP_MATCH)
            .messages("route", HTTP_ROUTE_DESTINATION)
            .message("redirect", REDIRECT)
            .message("directResponse", DIRECT_RESPONSE)
            .message("delegate", DELEGATE)
            .message("rewrite", REWRITE)
            .duration("timeout")
            .message("retries", RETRY)
            .message("fault", FAULT)
            .message("mirror", DESTINATION)
            .messages("mirrors", MIRROR_POLICY)
            .value("mirrorPercent", Kind.UINT32, 0, 100)
            .message("mirrorPercentage", PERCENT)
            .message("corsPolicy", CORS_POLICY)
            .message("headers", HEADERS)
            .build();

    private static final MessageType ROUTE_DESTINATION = MessageType.of("RouteDestination")
            .message("destination", DESTINATION)
            .value("weight", Kind.INT32)
            .build();

    private static final MessageType TLS_MATCH = MessageType.of("TLSMatchAttributes")
            .strings("sniHosts")
            .strings("destinationSubnets")
            .value("port", Kind.UINT32)
            .stringMap("sourceLabels")
            .strings("gateways")
            .string("sourceNamespace")
            .build();

    private static final MessageType L4_MATCH = MessageType.of("L4MatchAttributes")
            .strings("destinationSubnets")
            .value("port", Kind.UINT32)
            .string("sourceSubnet")
            .stringMap("sourceLabels")
            .strings("gateways")
            .string("sourceNamespace")
            .build();

    private static final MessageType TLS_ROUTE = MessageType.of("TLSRoute")
            .messages("match", TLS_MATCH)
            .messages("route", ROUTE_DESTINATION)
            .build();

    private static final MessageType TCP_ROUTE = MessageType.of("TCPRoute")
            .messages("match", L4_MATCH)
            .messages("route", ROUTE_DESTINATION)
            .build();

    static final MessageType VIRTUAL_SERVICE = MessageType.of("VirtualService")
            .strings("hosts")
            .strings("gateways")
            .messages("http", HTTP_ROUTE)
            .messages("tls", TLS_ROUTE)
            .messages("tcp", TCP_ROUTE)
            .strings("exportTo")
            .build();

    private VirtualServiceTypes() {}
}
