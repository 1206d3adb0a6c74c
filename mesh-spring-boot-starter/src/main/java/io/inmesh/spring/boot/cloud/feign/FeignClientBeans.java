package io.inmesh.spring.boot.cloud.feign;

import io.inmesh.spring.boot.client.ClientBeans;
import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import io.inmesh.spring.boot.client.ClientExclusions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.openfeign.FeignClient;

/** Tells of the Feign clients among the beans, and changes none of them. */
final class FeignClientBeans implements BeanPostProcessor {
    private final ObjectProvider<ClientBeans> beans;
    private final ObjectProvider<ClientExclusions> exclusions;

    FeignClientBeans(ObjectProvider<ClientBeans> beans, ObjectProvider<ClientExclusions> exclusions) {
        this.beans = beans;
        this.exclusions = exclusions;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        for (Class<?> type : bean.getClass().getInterfaces()) {
            if (type.isAnnotationPresent(FeignClient.class)) {
                boolean excluded = exclusions.getObject().excludes(type.getName(), type);
                beans.getObject()
                        .add(new ClientBean(name, type.getName(), excluded ? ClientExclusions.REASON : null, null));
            }
        }
        return bean;
    }
}
