package io.inmesh.spring.boot.telemetry;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshProperties;
import io.inmesh.telemetry.accesslog.AccessLog;
import io.inmesh.telemetry.accesslog.AccessLogFormat;
import io.inmesh.telemetry.accesslog.AccessLogSink;
import io.inmesh.telemetry.accesslog.LoggerSink;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The access log: the logger {@value LoggerSink#LOGGER}, and every bean that is an {@link AccessLogSink}. It costs one question
 * a call until the logger is at DEBUG or a sink wants entries. Mesh and filter take it as their observer, as they do every bean
 * that is one.
 */
@AutoConfiguration(after = MeshAutoConfiguration.class)
@ConditionalOnBean(Mesh.class)
public final class MeshAccessLogAutoConfiguration {
    /** Makes the configuration. */
    public MeshAccessLogAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    static LoggerSink meshAccessLogger(MeshProperties properties) {
        return new LoggerSink(
                switch (properties.telemetry().accessLogFormat()) {
                    case TEXT -> AccessLogFormat.TEXT;
                    case JSON -> AccessLogFormat.JSON;
                });
    }

    @Bean
    @ConditionalOnMissingBean
    static AccessLog meshAccessLog(ObjectProvider<AccessLogSink> sinks) {
        return AccessLog.of(sinks.orderedStream().toArray(AccessLogSink[]::new));
    }
}
