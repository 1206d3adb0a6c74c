package io.inmesh.spring.boot.console;

import io.inmesh.console.Console;
import io.inmesh.servlet.ConsoleServlet;
import io.inmesh.spring.boot.ConsoleSettings;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The console where the actuator's endpoints are: beside the application, or at a port of their own. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(Console.class)
public final class MeshConsoleManagementConfiguration {
    /** Makes the configuration. */
    public MeshConsoleManagementConfiguration() {}

    @Bean
    ServletRegistrationBean<ConsoleServlet> meshConsoleServlet(Console console, ConsoleSettings settings) {
        return ConsoleRegistration.of(console, settings);
    }
}
