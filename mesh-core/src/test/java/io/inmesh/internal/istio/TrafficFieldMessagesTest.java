package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of bad values of retries, time limits, mirrors, limits and ejections: the place, what is wrong, and the fix. */
class TrafficFieldMessagesTest {
    private static final String ROUTE = "VirtualService, metadata: {name: x}, spec: {hosts: [a], http: [{route: "
            + "[{destination: {host: a}}], %s}]}";
    private static final String POLICY = "DestinationRule, metadata: {name: x}, spec: {host: a, trafficPolicy: {%s}}";

    private static final Map<String, String> BLOCKS = Map.of(
            "route", ROUTE,
            "policy", POLICY,
            "retries", ROUTE.formatted("retries: {%s}"),
            "tcp", POLICY.formatted("connectionPool: {tcp: {%s}}"),
            "tcpKeepalive", POLICY.formatted("connectionPool: {tcp: {tcpKeepalive: {%s}}}"),
            "http", POLICY.formatted("connectionPool: {http: {%s}}"),
            "http2KeepAlive", POLICY.formatted("connectionPool: {http: {http2KeepAlive: {%s}}}"),
            "outlierDetection", POLICY.formatted("outlierDetection: {%s}"),
            "retryBudget", POLICY.formatted("retryBudget: {%s}"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        tcp | maxConnections: ^-1 | connectionPool.tcp.maxConnections | maxConnections must not be negative | write 1 or more, or 0 for no limit
        tcp | maxConnections: ^many | connectionPool.tcp.maxConnections | maxConnections must be a whole number, this is a string | write a whole number from 0 to 2147483647
        tcp | maxConnections: ^1.5 | connectionPool.tcp.maxConnections | maxConnections must be a whole number, this is 1.5 | write a whole number from 0 to 2147483647
        tcp | maxConnections: ^2147483648 | connectionPool.tcp.maxConnections | maxConnections is 2147483648, out of range | write a whole number from 0 to 2147483647
        tcp | maxConnections: ^-2147483649 | connectionPool.tcp.maxConnections | maxConnections is -2147483649, out of range | write a whole number from 0 to 2147483647
        tcp | connectTimeout: ^0s | connectionPool.tcp.connectTimeout | connectTimeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        tcp | connectTimeout: ^5 | connectionPool.tcp.connectTimeout | connectTimeout must be a duration such as 1.5s, this is a number | write it with a unit, such as 5s or 250ms
        tcp | connectTimeout: ^soon | connectionPool.tcp.connectTimeout | "soon" is not a duration | write numbers with units h, m, s or ms, such as 1.5s or 1h30m
        tcp | connectTimeout: ^-1s | connectionPool.tcp.connectTimeout | connectTimeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        tcp | connectTimeout: ^1500us | connectionPool.tcp.connectTimeout | connectTimeout must be a whole number of milliseconds | round it, such as to 2ms
        tcp | maxConnectionDuration: ^500us | connectionPool.tcp.maxConnectionDuration | maxConnectionDuration must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        tcp | idleTimeout: ^-1s | connectionPool.tcp.idleTimeout | idleTimeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        tcp | idleTimeout: ^-1us | connectionPool.tcp.idleTimeout | idleTimeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        tcp | idleTimeout: ^1h1 | connectionPool.tcp.idleTimeout | "1h1" is not a duration | write numbers with units h, m, s or ms, such as 1.5s or 1h30m
        tcpKeepalive | probes: ^-1 | connectionPool.tcp.tcpKeepalive.probes | probes is -1, out of range | write a whole number from 0 to 4294967295
        tcpKeepalive | probes: ^4294967296 | connectionPool.tcp.tcpKeepalive.probes | probes is 4294967296, out of range | write a whole number from 0 to 4294967295
        tcpKeepalive | time: ^0s | connectionPool.tcp.tcpKeepalive.time | time must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        tcpKeepalive | interval: ^10 | connectionPool.tcp.tcpKeepalive.interval | interval must be a duration such as 1.5s, this is a number | write it with a unit, such as 5s or 250ms
        http | http1MaxPendingRequests: ^-1 | connectionPool.http.http1MaxPendingRequests | http1MaxPendingRequests must not be negative | write 1 or more, or 0 for no limit
        http | http2MaxRequests: ^-5 | connectionPool.http.http2MaxRequests | http2MaxRequests must not be negative | write 1 or more, or 0 for no limit
        http | maxRequestsPerConnection: ^-1 | connectionPool.http.maxRequestsPerConnection | maxRequestsPerConnection must not be negative | write 1 or more, or 0 for no limit
        http | maxRetries: ^-1 | connectionPool.http.maxRetries | maxRetries must not be negative | write 1 or more, or 0 for no limit
        http | maxRetries: ^three | connectionPool.http.maxRetries | maxRetries must be a whole number, this is a string | write a whole number from 0 to 2147483647
        http | maxConcurrentStreams: ^-1 | connectionPool.http.maxConcurrentStreams | maxConcurrentStreams must not be negative | write 1 or more, or 0 for no limit
        http | idleTimeout: ^0s | connectionPool.http.idleTimeout | idleTimeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        http | idleTimeout: ^10000000h | connectionPool.http.idleTimeout | "10000000h" is longer than a duration can be | write a shorter one; 292 years are the most
        http | h2UpgradePolicy: ^upgrade | connectionPool.http.h2UpgradePolicy | "upgrade" is not a value of h2UpgradePolicy | did you mean "UPGRADE"?
        http | useClientProtocol: ^"true" | connectionPool.http.useClientProtocol | useClientProtocol must be true or false, this is a string | write true or false, without quotes
        http | h2UpgradePolicy: UPGRADE, useClientProtocol: ^true | connectionPool.http.useClientProtocol | useClientProtocol and h2UpgradePolicy: UPGRADE exclude each other | keep one of them
        http2KeepAlive | interval: ^0s | connectionPool.http.http2KeepAlive.interval | interval must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        http2KeepAlive | timeout: ^1us | connectionPool.http.http2KeepAlive.timeout | timeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        outlierDetection | consecutive5xxErrors: ^-1 | outlierDetection.consecutive5xxErrors | consecutive5xxErrors is -1, out of range | write a whole number from 0 to 4294967295
        outlierDetection | consecutive5xxErrors: ^five | outlierDetection.consecutive5xxErrors | consecutive5xxErrors must be a whole number, 0 or more, this is a string | write a whole number from 0 to 4294967295
        outlierDetection | consecutiveGatewayErrors: ^-1 | outlierDetection.consecutiveGatewayErrors | consecutiveGatewayErrors is -1, out of range | write a whole number from 0 to 4294967295
        outlierDetection | splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: ^-1 | outlierDetection.consecutiveLocalOriginFailures | consecutiveLocalOriginFailures is -1, out of range | write a whole number from 0 to 4294967295
        outlierDetection | consecutiveLocalOriginFailures: ^5 | outlierDetection.consecutiveLocalOriginFailures | local failures are counted apart only with splitExternalLocalOriginErrors | add splitExternalLocalOriginErrors: true
        outlierDetection | consecutiveErrors: ^x | outlierDetection.consecutiveErrors | consecutiveErrors must be a whole number, this is a string | write a whole number from 0 to 2147483647
        outlierDetection | interval: ^0s | outlierDetection.interval | interval must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        outlierDetection | baseEjectionTime: ^30 | outlierDetection.baseEjectionTime | baseEjectionTime must be a duration such as 1.5s, this is a number | write it with a unit, such as 5s or 250ms
        outlierDetection | maxEjectionPercent: ^101 | outlierDetection.maxEjectionPercent | maxEjectionPercent is not between 0 and 100 | write a whole number from 0 to 100, without a percent sign
        outlierDetection | maxEjectionPercent: ^-1 | outlierDetection.maxEjectionPercent | maxEjectionPercent is not between 0 and 100 | write a whole number from 0 to 100, without a percent sign
        outlierDetection | maxEjectionPercent: ^50% | outlierDetection.maxEjectionPercent | maxEjectionPercent must be a whole number, this is a string | write a whole number from 0 to 100
        outlierDetection | maxEjectionPercent: ^12.5 | outlierDetection.maxEjectionPercent | maxEjectionPercent must be a whole number, this is 12.5 | write a whole number from 0 to 100
        outlierDetection | minHealthPercent: ^200 | outlierDetection.minHealthPercent | minHealthPercent is not between 0 and 100 | write a whole number from 0 to 100, without a percent sign
        outlierDetection | outlierDetectionHttpErrorCodes: [500, ^99] | outlierDetection.outlierDetectionHttpErrorCodes[1] | 99 is not an HTTP status | write one from 100 to 599
        outlierDetection | outlierDetectionHttpErrorCodes: [^600] | outlierDetection.outlierDetectionHttpErrorCodes[0] | 600 is not an HTTP status | write one from 100 to 599
        outlierDetection | outlierDetectionHttpErrorCodes: [^5xx] | outlierDetection.outlierDetectionHttpErrorCodes[0] | outlierDetectionHttpErrorCodes must be a whole number, 0 or more, this is a string | write a whole number from 100 to 599
        outlierDetection | outlierDetectionHttpErrorCodes: ^500 | outlierDetection.outlierDetectionHttpErrorCodes | outlierDetectionHttpErrorCodes must be a list, this is a number | put a dash before each item: "- "
        retryBudget | percent: ^200 | retryBudget.percent | percent is not between 0 and 100 | write a number such as 20
        retryBudget | percent: ^-0.1 | retryBudget.percent | percent is not between 0 and 100 | write a number such as 20
        retryBudget | percent: ^20% | retryBudget.percent | percent must be a number, this is a string | write a number such as 12.5
        retryBudget | ^percent: {value: 20} | retryBudget.percent | percent must be a number, this is a map | give one value, not a map
        retryBudget | percent: ^.nan | retryBudget.percent | percent must be a number, this is .nan | write a finite number such as 12.5
        retryBudget | minRetryConcurrency: ^-1 | retryBudget.minRetryConcurrency | minRetryConcurrency is -1, out of range | write a whole number from 0 to 4294967295
        retryBudget | minRetryConcurrency: ^1.5 | retryBudget.minRetryConcurrency | minRetryConcurrency must be a whole number, 0 or more, this is 1.5 | write a whole number from 0 to 4294967295
        retryBudget | budgetInterval: ^-1s | retryBudget.budgetInterval | budgetInterval must not be negative | write a duration such as 10s, or remove it
        retryBudget | budgetInterval: ^10 | retryBudget.budgetInterval | budgetInterval must be a duration such as 1.5s, this is a number | write it with a unit, such as 5s or 250ms
        retries | attempts: ^-1 | retries.attempts | attempts must not be negative | write 0 for no retries
        retries | attempts: ^two | retries.attempts | attempts must be a whole number, this is a string | write a whole number from 0 to 2147483647
        retries | attempts: 2, perTryTimeout: ^0s | retries.perTryTimeout | perTryTimeout must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        retries | attempts: 2, perTryTimeout: ^2 | retries.perTryTimeout | perTryTimeout must be a duration such as 1.5s, this is a number | write it with a unit, such as 5s or 250ms
        retries | attempts: 2, backoff: ^0s | retries.backoff | backoff must be at least 1ms | write a longer one such as 5s, or remove it to have the default
        retries | attempts: 2, retryOn: ^5XX | retries.retryOn | "5XX" is not a retry condition | did you mean "5xx"?
        retries | attempts: 2, retryOn: ^"5xx, reset" | retries.retryOn | " reset" is not a retry condition | write the list without spaces, as Istio wants it
        retries | attempts: 2, retryOn: ^"599" | retries.retryOn | "599" is not a retry condition | write a condition such as 5xx or a status such as 503
        retries | attempts: 2, retryOn: ^503 | retries.retryOn | retryOn must be a string, this is a number | put it in quotes: "503"
        retries | attempts: 2, ^retryOn: [5xx, reset] | retries.retryOn | retryOn must be a string, this is a list | give one value, not a list
        retries | attempts: 2, retryOn: ^gateway-errors | retries.retryOn | "gateway-errors" is not a retry condition | did you mean "gateway-error"?
        retries | attempts: 2, retryIgnorePreviousHosts: ^maybe | retries.retryIgnorePreviousHosts | retryIgnorePreviousHosts must be true or false, this is a string | write true or false, without quotes
        route | ^retries: {retryOn: 5xx} | retries | the retries are off (attempts is 0), and yet there are settings for them | set attempts, or remove the other fields
        route | timeout: ^0s | timeout | timeout must be at least 1ms | write a longer one such as 5s, or remove it for no limit
        route | timeout: ^-1s | timeout | timeout must be at least 1ms | write a longer one such as 5s, or remove it for no limit
        route | timeout: ^3 | timeout | timeout must be a duration such as 1.5s, this is a number | write it with a unit, such as 5s or 250ms
        route | mirror: {host: b}, mirrorPercent: ^101 | mirrorPercent | the percentage 101.0 is not between 0 and 100 | write a number from 0 to 100
        route | mirror: {host: b}, mirrorPercent: ^-1 | mirrorPercent | mirrorPercent is -1, out of range | write a whole number from 0 to 100
        route | mirror: {host: b}, mirrorPercent: ^half | mirrorPercent | mirrorPercent must be a whole number, 0 or more, this is a string | write a whole number from 0 to 100
        route | mirror: {host: b}, mirrorPercentage: {value: ^101} | mirrorPercentage.value | the percentage 101.0 is not between 0 and 100 | write a number from 0 to 100
        route | mirror: {host: b}, mirrorPercentage: {value: ^-1} | mirrorPercentage.value | the percentage -1.0 is not between 0 and 100 | write a number from 0 to 100
        route | mirror: {host: b}, mirrorPercentage: ^50 | mirrorPercentage | Percent must be a map with fields, this is a number | write it as {value: 50}
        route | mirror: {host: b}, mirrorPercentage: {value: ^50%} | mirrorPercentage.value | value must be a number, this is a string | write a number such as 12.5
        route | mirrors: [{destination: {host: b}, percentage: {value: ^101}}] | mirrors[0].percentage.value | the percentage 101.0 is not between 0 and 100 | write a number from 0 to 100
        route | mirrors: [^{percentage: {value: 1}}] | mirrors[0] | a mirror needs a destination | add destination: {host: …}
        route | mirror: {host: b}, ^mirrors: [{destination: {host: c}}] | mirrors | mirror and mirrors exclude each other | keep mirrors
        """)
    void sayWhereWhatAndWhatToDo(String block, String field, String path, String message, String fix) {
        String marked = "{apiVersion: networking.istio.io/v1, kind: "
                + BLOCKS.get(block).formatted(field) + "}";
        int place = marked.indexOf('^');
        Result result = ConfigReader.sensible().read("rule.yaml", marked.replace("^", ""));

        List<ConfigProblem> errors =
                result.problems().stream().filter(ConfigProblem::isError).toList();
        assertThat(errors).hasSize(1).allSatisfy(error -> {
            assertThat(error.origin()).hasToString("rule.yaml:1:" + (place + 1));
            assertThat(error.path()).endsWith(path);
            assertThat(error.message()).isEqualTo(message);
            assertThat(error.fix()).isEqualTo(fix);
        });
        assertThat(result.objects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        outlierDetection | consecutiveErrors: ^7 | consecutiveErrors is deprecated and counts for nothing | write consecutive5xxErrors: 7, or consecutiveGatewayErrors for 502, 503 and 504 alone
        outlierDetection | consecutive5xxErrors: ^0 | nobody is ejected: consecutive5xxErrors is 0, and nothing else is counted | write how many errors in a row eject, or add consecutiveGatewayErrors
        http | http1MaxPendingRequests: ^5 | http1MaxPendingRequests limits nothing: without tcp.maxConnections no call waits for a connection | add tcp: {maxConnections: …}, or limit calls by http2MaxRequests
        outlierDetection | consecutive5xxErrors: 0, consecutiveGatewayErrors: 3, ^outlierDetectionHttpErrorCodes: [503] | outlierDetectionHttpErrorCodes count for consecutive5xxErrors alone, which is 0; no answer is an error then | write how many in a row eject by consecutive5xxErrors, or remove the codes
        outlierDetection | consecutive5xxErrors: ^0, outlierDetectionHttpErrorCodes: [503] | nobody is ejected: consecutive5xxErrors is 0, and nothing else is counted | write how many errors in a row eject, or add consecutiveGatewayErrors
        policy | connectionPool: {tcp: {maxConnections: ^5}, http: {h2UpgradePolicy: UPGRADE}} | maxConnections limits nothing: with h2UpgradePolicy: UPGRADE calls share connections, and none waits for one | limit calls by http2MaxRequests
        policy | connectionPool: {tcp: {maxConnections: ^5}, http: {http1MaxPendingRequests: 2, h2UpgradePolicy: UPGRADE}} | maxConnections and http1MaxPendingRequests limit nothing: with h2UpgradePolicy: UPGRADE calls share connections, and none waits for one | limit calls by http2MaxRequests
        policy | loadBalancer: {simple: ^PASSTHROUGH}, connectionPool: {tcp: {maxConnections: 5}, http: {http1MaxPendingRequests: 4, http2MaxRequests: 3, maxRetries: 2}}, outlierDetection: {} | with PASSTHROUGH calls go to the address that they name, and nothing is counted by maxConnections, http1MaxPendingRequests, http2MaxRequests, maxRetries, outlierDetection | write another balancer, or remove them
        policy | portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: ^PASSTHROUGH}, outlierDetection: {}}] | with PASSTHROUGH calls go to the address that they name, and nothing is counted by outlierDetection | write another balancer, or remove them
        policy | loadBalancer: {simple: PASSTHROUGH}, ^retryBudget: {} | with PASSTHROUGH calls go to the address that they name, and nothing is counted by retryBudget | write another balancer, or remove it
        policy | retryBudget: {}, connectionPool: {http: {maxRetries: ^5}} | maxRetries counts for nothing beside retryBudget | keep one of them
        retries | attempts: 2, retryOn: ^"retriable-headers,retriable-status-codes" | nothing is repeated for retriable-headers,retriable-status-codes alone | name statuses, such as 503, or conditions such as 5xx and connect-failure
        route | timeout: 1s, retries: {attempts: 1, perTryTimeout: ^1s} | perTryTimeout is not shorter than the route's timeout, and so counts for nothing | write a shorter one, or remove it
        """)
    void sayWhatHasNoEffect(String block, String field, String message, String fix) {
        String marked = "{apiVersion: networking.istio.io/v1, kind: "
                + BLOCKS.get(block).formatted(field) + "}";
        int place = marked.indexOf('^');
        Result result = ConfigReader.sensible().read("rule.yaml", marked.replace("^", ""));

        assertThat(result.problems()).singleElement().satisfies(warning -> {
            assertThat(warning.isError()).isFalse();
            assertThat(warning.origin()).hasToString("rule.yaml:1:" + (place + 1));
            assertThat(warning.message()).isEqualTo(message);
            assertThat(warning.fix()).isEqualTo(fix);
        });
        assertThat(result.objects()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        outlierDetection | consecutive5xxErrors: 0, consecutiveGatewayErrors: 3
        outlierDetection | consecutive5xxErrors: 0, splitExternalLocalOriginErrors: true
        outlierDetection | outlierDetectionHttpErrorCodes: [100, 599]
        outlierDetection | consecutive5xxErrors: 1, outlierDetectionHttpErrorCodes: [503]
        policy | connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}
        policy | connectionPool: {tcp: {connectTimeout: 1s}, http: {http2MaxRequests: 5, h2UpgradePolicy: UPGRADE}}
        policy | loadBalancer: {simple: PASSTHROUGH}, connectionPool: {tcp: {connectTimeout: 1s}, http: {idleTimeout: 1s}}
        policy | loadBalancer: {simple: RANDOM}, connectionPool: {http: {maxRetries: 2}}, outlierDetection: {}
        policy | portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: PASSTHROUGH}}], retryBudget: {}
        tcp | idleTimeout: 0s
        tcp | idleTimeout: 500us
        tcpKeepalive | probes: 4294967295
        retryBudget | percent: 0
        retryBudget | percent: 100
        retries | attempts: 2, retryOn: "retriable-status-codes,503"
        route | timeout: 1s, retries: {attempts: 1, perTryTimeout: 999ms}
        """)
    void sayNothingOfWhatHasAnEffect(String block, String field) {
        Result result = ConfigReader.sensible()
                .read(
                        "rule.yaml",
                        "{apiVersion: networking.istio.io/v1, kind: "
                                + BLOCKS.get(block).formatted(field) + "}");

        assertThat(result.problems()).isEmpty();
        assertThat(result.objects()).hasSize(1);
    }
}
