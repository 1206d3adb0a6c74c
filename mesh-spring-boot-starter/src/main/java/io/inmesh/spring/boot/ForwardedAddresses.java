package io.inmesh.spring.boot;

import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Addresses that whoever is connected may tell of himself, because Spring Boot has the container believe them. */
final class ForwardedAddresses {
    static final String ADVICE =
            "Spring Boot has the container believe X-Forwarded-For (server.forward-headers-strategy,"
                    + " which it sets by itself in a cluster), so ipBlocks and remoteIpBlocks of policies, and limits by ip, go"
                    + " by addresses that callers tell, and requests whose X-Forwarded-Host or -Prefix changes what they ask"
                    + " for are refused; write server.forward-headers-strategy=none, and in mesh.inbound.trusted-hops how many"
                    + " proxies are before the application";

    private ForwardedAddresses() {}

    /** Whether the container believes them. */
    static boolean believed(Environment environment) {
        String strategy = environment.getProperty(GatewayForwardedHeaders.STRATEGY);
        if (StringUtils.hasText(strategy)) {
            return !strategy.equalsIgnoreCase("none");
        }
        CloudPlatform platform = CloudPlatform.getActive(environment);
        return platform != null && platform.isUsingForwardHeaders();
    }
}
